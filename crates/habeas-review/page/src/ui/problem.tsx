// Something could not be shown: what happened, and what to do.
import type { Failure } from "../api.ts";
import { Words } from "./parts.tsx";

export function Problem({ failure, what, title, onAgain }: { failure: Failure; what?: string; title?: string; onAgain?: () => void }) {
  return (
    <div class="notice bad" role="alert">
      <p>
        <b>{title ?? `Habeas could not show ${what}.`}</b> <Words>{failure.message}</Words>
      </p>
      {failure.hint && <p><Words>{failure.hint}</Words></p>}
      {onAgain && (
        <div>
          <button type="button" onClick={onAgain}>
            Try again
          </button>
        </div>
      )}
    </div>
  );
}
