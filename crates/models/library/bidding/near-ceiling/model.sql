with own as (
  select tender, count(distinct case when coalesce(valid, true) then bidder end) as bidders,
    max(case when winner then coalesce(award_amount, bid) end) as award, max(control_price) as ceiling
  from bids group by tender
)
select tender, bidders, award, ceiling, cast(award as double) / ceiling as level_of_price from own
where bidders <= $bidders and award <= ceiling and cast(award as double) / ceiling >= $share
