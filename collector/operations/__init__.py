"""Operations beside experience ("X+O"): what a procedure did each day, held against what people say of it. Pure."""
