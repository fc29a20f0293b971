with own as (
  select contract, max(contractor) as contractor, max(award_amount) as award_amount, max(amount) as amount,
    max(final_amount) as final_amount, max(changes) as changes
  from contracts group by contract
)
select *, cast(greatest(coalesce(final_amount, 0), coalesce(amount, 0)) as double) / award_amount - 1 as growth from own
where cast(greatest(coalesce(final_amount, 0), coalesce(amount, 0)) as double) / award_amount - 1 >= $growth
