select person, programme, paid_on, count(*) as payments, sum(amount) as amount from payments where paid_on is not null
group by person, programme, paid_on having count(*) >= $least
