import { h } from './dom.ts';

/** A strip above a page that says what is wrong with it; absent while nothing is. */
export class Banner {
  readonly element = h('div', { class: 'banner', role: 'alert' });

  constructor() {
    this.say([]);
  }

  say(messages: readonly string[]): void {
    this.element.hidden = messages.length === 0;
    this.element.replaceChildren(...messages.map((message) => h('p', {}, message)));
  }
}
