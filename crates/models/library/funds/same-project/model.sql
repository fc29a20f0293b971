select a.applicant, a.project as one, b.project as other, a.title as one_title, b.title as other_title, a.programme as one_programme, b.programme as other_programme,
  similarity(a.title, b.title) as likeness, coalesce(a.amount, 0) + coalesce(b.amount, 0) as total
from projects a join projects b on company_key(a.applicant) = company_key(b.applicant) and a.project < b.project and a.programme <> b.programme
where similarity(a.title, b.title) >= $likeness
