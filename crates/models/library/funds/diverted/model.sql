select unit, programme, count(*) as payments, sum(amount) as total, min(purpose) as example from spendings
where regexp_like(purpose, $words) group by unit, programme having sum(amount) >= $floor
