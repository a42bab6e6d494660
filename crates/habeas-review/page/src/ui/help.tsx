// Which keys are there? Everything in force on this screen, by what it is for.
import { useState } from "preact/hooks";
import { active, keysAreOn, setKeysOn } from "../keys.ts";
import { Check, Dialog } from "./parts.tsx";

export function Help({ onClose }: { onClose: () => void }) {
  // The dialog hides the keys below it, so they are read before it opens.
  const [bindings] = useState(active);
  const [on, setOn] = useState(keysAreOn());
  const groups = new Map<string, typeof bindings>();
  const seen = new Set<string>();
  for (const binding of bindings) {
    if (seen.has(binding.keys)) continue;
    seen.add(binding.keys);
    groups.set(binding.group, [...(groups.get(binding.group) ?? []), binding]);
  }
  return (
    <Dialog title="Keys" onClose={onClose} wide>
      <div class="keys">
        {[...groups].map(([group, list]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {list.map((binding) => (
                <div key={binding.keys}>
                  <dt>
                    {binding.keys.split(" ").map((key) => (
                      <kbd key={key}>{key.replace("Arrow", "").replace("Shift+", "⇧ ")}</kbd>
                    ))}
                  </dt>
                  <dd>{binding.label}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Check
        label="Single keys do something"
        hint="Switch this off if you speak to your computer or keys are pressed by mistake; Tab, Enter and Escape always work."
        checked={on}
        onChecked={(next) => {
          setKeysOn(next);
          setOn(next);
        }}
      />
    </Dialog>
  );
}
