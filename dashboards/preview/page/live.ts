/** What the server says of the dashboards' sources. */
export interface LiveState {
  /** Of the process: revisions of another one count anew. */
  readonly start: string;
  readonly revision: number;
  readonly problem?: string;
}

/** Milliseconds until what the server has ended is opened again. */
const reopenMs = 2000;

/**
 * Listens for changes of the dashboards while the page is looked at: a browser has six connections to a host, and
 * a page in the background must not hold one.
 */
export function listenForChanges(changed: (state: LiveState) => void): void {
  let events: EventSource | undefined;
  let known: string | undefined;
  const listen = (): void => {
    if (document.hidden) {
      events?.close();
      events = undefined;
      return;
    }
    if (events) return;
    const opened = new EventSource('/api/events');
    events = opened;
    // Lost connections are taken up again by the browser; one that was refused is not.
    opened.addEventListener('error', () => {
      if (opened.readyState !== EventSource.CLOSED || events !== opened) return;
      events = undefined;
      setTimeout(listen, reopenMs);
    });
    opened.addEventListener('message', ({ data }) => {
      const text = String(data);
      const first = known === undefined;
      if (text === known) return;
      known = text;
      const state = JSON.parse(text) as LiveState;
      if (!first || state.problem !== undefined) changed(state);
    });
  };
  document.addEventListener('visibilitychange', listen);
  listen();
}
