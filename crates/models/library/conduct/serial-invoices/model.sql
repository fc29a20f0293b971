with own as (select unit, seller, try_cast(invoice as bigint) as number, issued_on, amount from invoices),
groups as (
  select unit, seller, count(*) as invoices, max(number) - min(number) + 1 as span, days(min(issued_on), max(issued_on)) as length, sum(amount) as total
  from own where number is not null group by unit, seller
)
select * from groups where invoices >= $least and span <= $span * invoices and length >= $length
