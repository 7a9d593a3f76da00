const timeoutMs = 1500;
/** Milliseconds for which an answer is good. */
const rememberMs = 15_000;

/** Whether a Grafana answers there; asked at most every few seconds. */
export function grafanaProbe(url: string | undefined): () => Promise<boolean> {
  let asked = 0;
  let answer = Promise.resolve(false);
  return () => {
    if (url !== undefined && Date.now() - asked > rememberMs) {
      asked = Date.now();
      answer = fetch(`${url}/api/health`, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) }).then(
        async (response) => {
          await response.body?.cancel();
          return response.ok;
        },
        () => false,
      );
    }
    return answer;
  };
}
