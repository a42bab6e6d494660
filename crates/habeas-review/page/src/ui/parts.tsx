// The small parts every screen is made of.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { useKeys } from "../keys.ts";

type Children = { children?: ComponentChildren };

/** A screen's heading. It takes the focus when the screen opens, so that nobody has to look for it. */
export function Title({ children, note, aside }: Children & { note?: ComponentChildren; aside?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const held = document.activeElement;
    if (held === null || held === document.body || held.id === "screen") heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div class="title">
      <div>
        <h1 ref={heading} tabIndex={-1}>
          {children}
        </h1>
        {note && <p class="note">{note}</p>}
      </div>
      {aside && <div class="aside">{aside}</div>}
    </div>
  );
}

export function Key({ children }: Children) {
  return (
    <kbd aria-hidden="true">{children}</kbd>
  );
}

export function Panel({ title, children, aside, class: more = "" }: Children & { title?: ComponentChildren; aside?: ComponentChildren; class?: string }) {
  const id = useId();
  return (
    <section class={`panel ${more}`} {...(title ? { "aria-labelledby": id } : {})}>
      {title && (
        <div class="panel-head">
          <h2 id={id}>{title}</h2>
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}

/** A word with a colour; the word alone says all. */
export function Tag({ kind = "", children, title }: Children & { kind?: string; title?: string }) {
  return (
    <span class={`tag ${kind}`} {...(title ? { title } : {})}>
      {children}
    </span>
  );
}

export function Empty({ children, title }: Children & { title: string }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

export function Loading({ what }: { what: string }) {
  return (
    <p class="loading" role="status">
      Reading {what} …
    </p>
  );
}

interface FieldProps extends Children {
  label: string;
  hint?: ComponentChildren;
  class?: string;
}

/** A control with its label and hint. The control is given the ids by the caller's render. */
export function Field({ label, hint, class: more = "", isUnseen = false, render }: FieldProps & { isUnseen?: boolean } & { render: (ids: { id: string; "aria-describedby"?: string }) => ComponentChildren }) {
  const id = useId();
  return (
    <div class={`field ${more}`}>
      <label for={id} class={isUnseen ? "unseen" : ""}>
        {label}
      </label>
      {render({ id, ...(hint ? { "aria-describedby": `${id}-hint` } : {}) })}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** What else a field for typing may have. */
interface More {
  placeholder?: string;
  maxLength?: number;
  required?: boolean;
  autoFocus?: boolean;
  disabled?: boolean;
  name?: string;
  spellcheck?: boolean;
}

export function Text({ label, value, onValue, hint, ...more }: { label: string; value: string; onValue: (text: string) => void; hint?: ComponentChildren } & More & { type?: "text" | "search" | "date" | "number"; list?: string }) {
  return <Field label={label} hint={hint} render={(ids) => <input {...ids} {...more} type={more.type ?? "text"} value={value} onInput={(event) => onValue(event.currentTarget.value)} />} />;
}

export function Area({ label, value, onValue, hint, rows = 3, ...more }: { label: string; value: string; onValue: (text: string) => void; hint?: ComponentChildren; rows?: number } & More) {
  return <Field label={label} hint={hint} render={(ids) => <textarea {...ids} {...more} rows={rows} value={value} onInput={(event) => onValue(event.currentTarget.value)} />} />;
}

export interface Choice {
  value: string;
  label: string;
}

export function Select({ label, value, onValue, choices, hint, isUnseen = false, ...more }: { isUnseen?: boolean; label: string; value: string; onValue: (value: string) => void; choices: Choice[]; hint?: ComponentChildren } & { name?: string; disabled?: boolean }) {
  return (
    <Field
      label={label}
      hint={hint}
      isUnseen={isUnseen}
      render={(ids) => (
        <select {...ids} {...more} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    />
  );
}

/** A few choices of which one holds, all in sight. */
export function Segments({ label, value, onValue, choices }: { label: string; value: string; onValue: (value: string) => void; choices: (Choice & { note?: ComponentChildren })[] }) {
  const name = useId();
  return (
    <fieldset class="segments">
      <legend class="unseen">{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value} class={choice.value === value ? "on" : ""}>
          <input type="radio" name={name} value={choice.value} checked={choice.value === value} onChange={() => onValue(choice.value)} />
          <span>{choice.label}</span>
          {choice.note !== undefined && <span class="n">{choice.note}</span>}
        </label>
      ))}
    </fieldset>
  );
}

export function Check({ label, checked, onChecked, hint }: { label: ComponentChildren; checked: boolean; onChecked: (on: boolean) => void; hint?: ComponentChildren }) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChecked(event.currentTarget.checked)} />
      <span>
        {label}
        {hint && <span class="hint"> {hint}</span>}
      </span>
    </label>
  );
}

/** A dialog over everything. The browser keeps the focus inside and gives it back. */
export function Dialog({ title, onClose, children, footer, wide = false }: Children & { title: string; onClose: () => void; footer?: ComponentChildren; wide?: boolean }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const isGone = useRef(false);
  const id = useId();
  useKeys([], true);
  // At once, so that the focus is never nowhere.
  useLayoutEffect(() => {
    const own = dialog.current;
    const before = document.activeElement;
    own?.showModal();
    // What has to be filled in, not the button that closes it.
    (own?.querySelector<HTMLElement>("[autofocus]") ?? own?.querySelector<HTMLElement>(".dialog-body :is(input, select, textarea, button)"))?.focus();
    return () => {
      isGone.current = true;
      own?.close();
      if (before instanceof HTMLElement && document.contains(before)) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      class={wide ? "wide" : ""}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={() => {
        // Browsers close a dialog without asking when Escape is pressed twice in a row.
        if (isGone.current) return;
        onClose();
        setTimeout(() => {
          if (!isGone.current && dialog.current?.open === false) dialog.current.showModal();
        });
      }}
    >
      <div class="dialog-head">
        <h2 id={id}>{title}</h2>
        <button type="button" class="quiet" aria-label="Close" onClick={onClose}>
          ×
        </button>
      </div>
      <div class="dialog-body">{children}</div>
      {footer && <div class="dialog-foot">{footer}</div>}
    </dialog>
  );
}

/** How far along: a bar with its figures in words. */
export function Meter({ value, of, label }: { value: number; of: number; label: string }) {
  const share = of > 0 ? Math.min(1, value / of) : 1;
  return (
    <span class="meter" role="img" aria-label={label} title={label}>
      <span style={{ width: `${share * 100}%` }} />
    </span>
  );
}

/** A sentence of the server, with what it puts in backticks set as code. */
export function Words({ children }: { children: string }) {
  const begun = children.charAt(0).toUpperCase() + children.slice(1);
  return <>{begun.split(/(`[^`]+`)/).map((part, index) => (part.startsWith("`") && part.endsWith("`") && part.length > 2 ? <code key={index}>{part.slice(1, -1)}</code> : part))}</>;
}
