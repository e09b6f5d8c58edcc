// SPDX-License-Identifier: Apache-2.0
// What traces of the set have more often than those of the rest, by how much of the excess it explains.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { formatNumber, formatShare, kThinSpace } from "../../base/format";
import { type SetQuery, withinSet } from "../../model/compare_query";
import { attributeWords } from "../../model/comparison_text";
import { paramsFromQuery, kEmptyQuery } from "../../model/search_query";
import type { AttributeShare, AttributeValue, LeftOutReason, SetComparison, Support } from "../../model/set_comparison";

export function AttributeTable({ comparison, set }: { readonly comparison: SetComparison; readonly set: SetQuery }): VNode {
  const { attributes } = comparison;
  return (
    <section aria-labelledby="attributes-head">
      <header class="h">
        <h2 id="attributes-head">Attributes that differ</h2>
        {attributes.length > 0 && (
          <>
            <span class="swatch"><svg width="16" height="6" aria-hidden="true"><rect class="a-box" width="16" height="6" /></svg>set</span>
            <span class="swatch"><svg width="16" height="6" aria-hidden="true"><rect class="a-rest" x=".5" y=".5" width="15" height="5" /></svg>rest</span>
          </>
        )}
      </header>
      {attributes.length === 0 ? <p class="muted none" data-testid="no-attributes">No value is on the set's traces more often than chance would have it.</p> : (
        <table class="dt attributes" data-testid="attribute-table">
          <colgroup><col class="c-key" /><col class="c-value" /><col /><col class="c-pc" /><col class="c-pc" /><col class="c-explains" /></colgroup>
          <thead>
            <tr>
              <th scope="col">Attribute</th>
              <th scope="col">Value</th>
              <th scope="col" class="c-bar">Share of traces</th>
              <th scope="col" class="num">Set</th>
              <th scope="col" class="num">Rest</th>
              <th scope="col" class="num">Explains</th>
            </tr>
          </thead>
          <tbody>
            {attributes.map((each) => <AttributeRow key={each.query} attribute={each} set={set} />)}
          </tbody>
        </table>
      )}
      <LeftOut comparison={comparison} />
    </section>
  );
}

function AttributeRow({ attribute, set }: { readonly attribute: AttributeShare; readonly set: SetQuery }): VNode {
  const open = useSignal(false);
  const { key, value, copies, explained, riskRatio, riskRatioLow, riskRatioHigh } = attribute;
  const said = `${counts(attribute.set)} of the set, ${counts(attribute.rest)} of the rest; ${formatNumber(riskRatio)} times as often, ${formatNumber(riskRatioLow)} to ${formatNumber(riskRatioHigh)}`;
  return (
    <>
      <tr data-testid="attribute-row" data-key={key} title={said}>
        <td title={key}><Key name={key} /></td>
        <td title={value}>
          <span class="value">
            <a class="mono strong ex" href={findAddress(set, attribute)} aria-label={`Traces of the set with ${attributeWords(attribute)}; ${said}`}>{value ?? "none"}</a>
            {copies.length > 0 && (
              <button class="copies muted" type="button" aria-expanded={open.value} aria-label={`${copies.length} more on the same traces`} onClick={() => (open.value = !open.value)}>
                +{copies.length}
              </button>
            )}
          </span>
        </td>
        <td class="c-bar"><ShareBars set={attribute.set} rest={attribute.rest} /></td>
        <td class="num">{percent(attribute.set)}</td>
        <td class="num muted">{percent(attribute.rest)}</td>
        <td class="num muted">{Math.round(100 * explained)}{kThinSpace}%</td>
      </tr>
      {open.value && copies.map((copy) => (
        <tr key={copy.query} class="copy-row" data-testid="copy-row">
          <td title={copy.key}><Key name={copy.key} /></td>
          <td class="mono" colSpan={5} title={copy.value}>{copy.value ?? "none"}</td>
        </tr>
      ))}
    </>
  );
}

/** The scope is read last. */
function Key({ name }: { readonly name: string }): VNode {
  const [, scope = "", rest = ""] = /^((?:span|resource)\.)?([^]*)$/.exec(name) ?? [];
  return <><span class="muted">{scope}</span>{rest}</>;
}

function ShareBars({ set, rest }: { readonly set: Support; readonly rest: Support }): VNode {
  const width = ({ with: having, traces }: Support): string => `${traces > 0 ? Math.max(0.5, (100 * having) / traces) : 0}%`;
  return (
    <svg height="14" aria-hidden="true">
      <rect class="a-box" x="0" width={width(set)} y="1" height="5" />
      <rect class="a-rest" x=".5" width={width(rest)} y="8.5" height="5" />
    </svg>
  );
}

const percent = ({ with: having, traces }: Support): string => `${traces > 0 ? Math.round((100 * having) / traces) : 0}${kThinSpace}%`;
const counts = (support: Support): string => `${support.with} of ${support.traces} traces (${formatShare(support.with, support.traces)})`;

function findAddress(set: SetQuery, { query }: AttributeValue): string {
  return `/find?${paramsFromQuery({ ...kEmptyQuery, ...set, q: withinSet(set, query) })}`;
}

const kReasons: readonly (readonly [LeftOutReason, string])[] = [
  ["selected", "the sets were selected by"],
  ["identifier", "nearly every trace has its own"],
  ["duration", "follow from the duration"],
];
const kNamed = 4;

/** Which keys were not looked at, and why. */
function LeftOut({ comparison: { attributesLeftOut } }: { readonly comparison: SetComparison }): VNode | null {
  const groups = kReasons.map(([reason, words]) => ({ words, keys: attributesLeftOut.filter((each) => each.reason === reason).map(({ key }) => key) }));
  if (attributesLeftOut.length === 0) return null;
  return (
    <ul class="left-out muted" aria-label="Attributes that are left out" data-testid="left-out">
      {groups.filter(({ keys }) => keys.length > 0).map(({ words, keys }) => (
        <li key={words} title={keys.join(", ")}>
          Left out, {words}: {keys.slice(0, kNamed).join(", ")}{keys.length > kNamed && ` and ${keys.length - kNamed} more`}
        </li>
      ))}
    </ul>
  );
}
