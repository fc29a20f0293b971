-- Copies of the feedback: to whom they are due and when they went out.

create table feedback_copy (
    feedback_id uuid not null references feedback (id), kind text not null, recipient text not null, sent_on date,
    note text not null, primary key (feedback_id, kind)
);
