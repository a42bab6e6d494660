// What need not be drawn again while something else changes: a list of filters while a key moves a line.
import { Component } from "preact";
import type { ComponentChildren } from "preact";

interface Props {
  /** It is drawn again only when one of these is another. */
  on: unknown[];
  draw: () => ComponentChildren;
}

export class Still extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return next.on.length !== this.props.on.length || next.on.some((value, index) => value !== this.props.on[index]);
  }

  render({ draw }: Props) {
    return draw();
  }
}
