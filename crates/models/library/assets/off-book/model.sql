select t.title_no, max(t.owner) as owner, coalesce(max(t.address), '未填') as address, max(t.area) as area
from titles t left join (select distinct title_no from assets where title_no is not null) a on a.title_no = t.title_no
where t.title_no is not null and a.title_no is null group by t.title_no
