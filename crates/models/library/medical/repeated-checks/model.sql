with own as (
  select person, item, charged_on, max(coalesce(hospital, '（未填机构）')) as hospital, sum(amount) as amount from charges
  where kind is null or kind like '%' || $word || '%' group by person, item, charged_on
), next as (
  select *, lag(charged_on) over (partition by person, item order by charged_on) as first_on from own
), worst as (
  select *, row_number() over (partition by person, item order by days(first_on, charged_on), charged_on) as place from next
  where days(first_on, charged_on) between 1 and $window
)
select person, item, hospital, first_on, days(first_on, charged_on) as gap, amount from worst where place = 1
