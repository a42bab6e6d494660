// Who is at the page? A link from the terminal lets a tab in; a lost session asks for another, and keeps all.
import { useState } from "preact/hooks";
import { enter, Failure } from "./api.ts";
import type { Session } from "./api.ts";
import { Dialog, Text } from "./ui/parts.tsx";

/** The key in a link, or in what was pasted of one. */
export function keyIn(text: string): string | null {
  return /(?:#k=|^)([0-9a-fA-F]{16,})\s*$/.exec(text.trim())?.[1] ?? null;
}

export function Entry({ problem, onEntered }: { problem: Failure | null; onEntered: (session: Session) => void }) {
  return (
    <main class="entry" id="screen">
      <div class="panel">
        <h1>Habeas</h1>
        {problem ? <p class="notice warn">{`${problem.message} ${problem.hint ?? ""}`}</p> : <p>This page opens with a link from the terminal in which <code>habeas review</code> runs.</p>}
        <LinkForm onEntered={onEntered} />
      </div>
    </main>
  );
}

export function Lost({ onEntered }: { onEntered: (session: Session) => void }) {
  return (
    <Dialog title="The session has ended" onClose={() => {}}>
      <p>
        Everything that was recorded is kept, and what you were typing is kept in this tab. Press Enter in the terminal where <code>habeas review</code> runs, copy the link it prints, and paste it here to go on where you were.
      </p>
      <LinkForm onEntered={onEntered} />
    </Dialog>
  );
}

function LinkForm({ onEntered }: { onEntered: (session: Session) => void }) {
  const [link, setLink] = useState("");
  const [trouble, setTrouble] = useState<string | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    const key = keyIn(link);
    if (!key) return setTrouble("That is no link of Habeas. It ends with #k= and letters and digits.");
    try {
      onEntered(await enter(key));
    } catch (failure) {
      setTrouble(failure instanceof Failure ? `${failure.message} ${failure.hint ?? ""}` : String(failure));
    }
  };
  return (
    <form class="stack" onSubmit={submit}>
      <Text label="Link" value={link} onValue={setLink} placeholder="http://127.0.0.1:…/#k=…" spellcheck={false} autoFocus />
      {trouble && (
        <p class="notice bad" role="alert">
          {trouble}
        </p>
      )}
      <div>
        <button type="submit" class="first">
          Go on
        </button>
      </div>
    </form>
  );
}
