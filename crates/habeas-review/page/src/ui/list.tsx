// A list of any length: the server pages it, only the lines in sight are drawn.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";

interface Props<T> {
  label: string;
  total: number;
  /** The line at that number, from 0, or nothing while it is on its way. */
  at: (index: number) => T | undefined;
  /** Tells which lines are in sight, so that their pages can be asked for. */
  onSight: (from: number, to: number) => void;
  current: number;
  onCurrent: (index: number) => void;
  onOpen: (index: number) => void;
  isChosen: (line: T) => boolean;
  draw: (line: T, index: number) => ComponentChildren;
  /** Pixels; every line is as high. */
  height: number;
}

const BEYOND = 10;

export function List<T>(props: Props<T>) {
  const { total, height, current } = props;
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const [sight, setSight] = useState({ top: 0, high: 800 });

  useLayoutEffect(() => {
    const own = box.current;
    if (!own) return;
    const look = () => setSight({ top: own.scrollTop, high: own.clientHeight });
    look();
    const observer = new ResizeObserver(look);
    observer.observe(own);
    return () => observer.disconnect();
  }, []);

  // The current line is always in sight: after a key, after a reload, after a filter.
  useLayoutEffect(() => {
    const own = box.current;
    if (!own || current < 0) return;
    const top = current * height;
    if (top < own.scrollTop) own.scrollTop = top;
    else if (top + height > own.scrollTop + own.clientHeight) own.scrollTop = top + height - own.clientHeight;
  }, [current, total, sight.high]);

  const from = Math.max(0, Math.floor(sight.top / height) - BEYOND);
  const to = Math.min(total, Math.ceil((sight.top + sight.high) / height) + BEYOND);
  useEffect(() => props.onSight(from, to), [from, to, total]);

  const lines = [];
  for (let index = from; index < to; index += 1) {
    const line = props.at(index);
    const chosen = line !== undefined && props.isChosen(line);
    lines.push(
      <div
        key={index}
        id={`${id}-${index}`}
        role="option"
        aria-posinset={index + 1}
        aria-setsize={total}
        aria-selected={chosen}
        aria-label={line === undefined ? `Line ${index + 1}, on its way` : undefined}
        class={`line${index === current ? " current" : ""}${chosen ? " chosen" : ""}`}
        style={{ top: `${index * height}px`, height: `${height}px` }}
        onClick={() => {
          props.onCurrent(index);
          box.current?.focus({ preventScroll: true });
        }}
        onDblClick={() => props.onOpen(index)}
      >
        {line === undefined ? <span class="ghost" /> : props.draw(line, index)}
      </div>,
    );
  }
  const inSight = current >= from && current < to;
  return (
    <div
      ref={box}
      class="list"
      role="listbox"
      aria-label={props.label}
      aria-multiselectable="true"
      tabIndex={0}
      data-keys="own"
      data-first=""
      {...(inSight ? { "aria-activedescendant": `${id}-${current}` } : {})}
      onScroll={(event) => setSight({ top: event.currentTarget.scrollTop, high: event.currentTarget.clientHeight })}
    >
      <div class="list-all" role="presentation" style={{ height: `${total * height}px` }}>
        {lines}
      </div>
    </div>
  );
}
