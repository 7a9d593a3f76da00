/**
 * Of what brings logs to Loki, and Loki: it gives way to what acknowledges them, which must not wait
 * (docs/decisions/0023). A tenth of the processor time of others where there is too little; all of it elsewhere.
 */
export const deliveringNiceness = 10;
