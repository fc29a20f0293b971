with last as (select *, row_number() over (partition by programme order by issued_on desc) as place from rules)
select programme, coalesce(title, '未填') as title, issued_on, valid_to, as_of, cast(floor(days(issued_on, as_of) / 365.25) as bigint) as years
from last where place = 1 and (valid_to < as_of or days(issued_on, as_of) / 365.25 >= $years)
