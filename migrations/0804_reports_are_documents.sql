-- Reports and their materials are documents themselves: laid out from their record, no longer drafted beside it. The templates that drafted
-- them from inspected units keep their editions and what was made by them under a code of their own; the next start brings the new ones.

update document_template set code = code || '-1', state = 'withdrawn', version = version + 1
where code in ('D19', 'D22', 'D23a', 'D23b', 'D32') and noun = 'inspection_units';
