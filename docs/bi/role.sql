-- A role that reads the views for figures and nothing else. Run as the owner of Avis' tables, then:
-- CREATE ROLE superset LOGIN PASSWORD '…' IN ROLE avis_bi;
CREATE ROLE avis_bi NOLOGIN;
GRANT SELECT ON bi_procedure, bi_placement, bi_day, bi_indicator TO avis_bi;
