"""Prints bench rows as a table with ratios, and writes them as JSON."""
import json


def row(name, value, unit, **more):
    """One figure: target is the value to reach, peer and peer_value what it is held against."""
    return {"name": name, "value": round(value, 3), "unit": unit, "target": more.get("target"),
            "peer": more.get("peer"), "peer_value": more.get("peer_value")}


def report(rows, json_path):
    width = max([34, *(len(item["name"]) for item in rows)])
    print(f"{'name':{width}} {'value':>12} {'unit':8} {'target':>12} {'peer':>10} {'peer value':>12} {'ratio':>7}")
    for item in rows:
        peer_value = item["peer_value"]
        ratio = f"{item['value'] / peer_value:.2f}" if peer_value else ""
        print(f"{item['name']:{width}} {item['value']:12.3f} {item['unit']:8} {item['target'] if item['target'] is not None else '':>12} "
              f"{item['peer'] or '':>10} {peer_value if peer_value is not None else '':>12} {ratio:>7}")
    if json_path:
        with open(json_path, "w", encoding="utf-8") as file:
            json.dump(rows, file, indent=1)
