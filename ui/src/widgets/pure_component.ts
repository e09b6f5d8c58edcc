// SPDX-License-Identifier: Apache-2.0
// A component that is drawn anew only when one of its properties has become another.
import { Component } from "preact";

export abstract class PureComponent<Props extends object> extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return (Object.keys(next) as (keyof Props)[]).some((key) => next[key] !== (this.props as Props)[key]);
  }
}
