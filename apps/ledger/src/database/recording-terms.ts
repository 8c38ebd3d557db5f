/**
 * SQL: what a recording `recordings` is found by, as `rows/found-by.ts` has it of an interaction. An index is made of it,
 * and PostgreSQL uses that where a question says exactly the same.
 */
export const recordingTerms = `(ARRAY['agent:' || agent, 'dn:' || dn, 'queue:' || queue,
  'number:' || ani_digest, 'number:' || dnis_digest, 'last4:' || ani_last4, 'last4:' || dnis_last4,
  'state:' || state, 'cause:' || cause, 'language:' || language, 'program:' || program_id,
  'program:' || program_name, 'sta:' || sta, CASE WHEN sta <> 'requested' THEN 'sta:not-requested' END,
  CASE WHEN in_scope THEN 'scope:in' WHEN NOT in_scope THEN 'scope:out' END])`;
