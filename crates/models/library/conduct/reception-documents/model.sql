select reception, held_on, coalesce(unit, '（未填单位）') as unit, amount, trim(case when not coalesce(approval, false) then '审批单 ' else '' end ||
  case when not coalesce(bill, false) then '菜单账单 ' else '' end || case when not coalesce(guest_list, false) then '接待清单 ' else '' end ||
  case when not coalesce(letter, false) then '公函' else '' end) as gaps
from receptions where not (coalesce(approval, false) and coalesce(bill, false) and coalesce(guest_list, false) and coalesce(letter, false))
