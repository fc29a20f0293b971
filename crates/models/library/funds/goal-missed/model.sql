select project, coalesce(applicant, '（未填）') as applicant, coalesce(programme, '（未填）') as programme, result, amount from projects where result >= 0 and result < $limit and amount is not null
