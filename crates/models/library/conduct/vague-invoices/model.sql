select invoice, coalesce(max(unit), '（未填单位）') as unit, coalesce(max(seller), '（未填）') as seller, max(content) as content, max(amount) as amount from invoices
where regexp_like(content, $words) and amount >= $limit and (amount % 100000 = 0 or regexp_like(content, '卡|礼品')) group by invoice
