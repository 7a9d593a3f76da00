/** What the server says of the dashboards' sources. */
export interface LiveState {
  readonly revision: number;
  readonly problem?: string;
}

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
    events = new EventSource('/api/events');
    events.addEventListener('message', ({ data }) => {
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
