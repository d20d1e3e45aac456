-- Satisfaction by ministry and month, out of 10, with the number of answers.
SELECT bi_procedure.ministry, bi_indicator.month, SUM(bi_indicator.answers) AS answers,
    SUM(bi_indicator.points) / SUM(bi_indicator.answers) AS satisfaction
FROM bi_indicator JOIN bi_procedure ON bi_procedure.procedure = bi_indicator.procedure
WHERE bi_indicator.indicator = 'satisfaction'
GROUP BY bi_procedure.ministry, bi_indicator.month
ORDER BY bi_procedure.ministry, bi_indicator.month;
