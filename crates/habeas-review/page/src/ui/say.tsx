// What has just happened? Short messages in a corner, read out by screen readers, some with an undo.
import { useEffect, useState } from "preact/hooks";

export interface Message {
  id: number;
  text: string;
  kind: "done" | "trouble";
  action?: { label: string; run: () => void };
}

let last = 0;
let messages: Message[] = [];
const listeners = new Set<() => void>();
const tell = () => listeners.forEach((listener) => listener());

export function say(text: string, more: Partial<Omit<Message, "id" | "text">> = {}): void {
  last += 1;
  const message: Message = { id: last, text, kind: "done", ...more };
  messages = [...messages.slice(-2), message];
  tell();
  // Trouble stays until it is dismissed; what was done goes by itself, undo stays on its key.
  if (message.kind === "done") setTimeout(() => dismiss(message.id), message.action ? 9000 : 5000);
}

export function dismiss(id: number): void {
  messages = messages.filter((message) => message.id !== id);
  tell();
}

export function Messages() {
  const [, set] = useState(0);
  useEffect(() => {
    const listener = () => set((count) => count + 1);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return (
    <div class="messages" role="region" aria-label="Messages">
      <div role="status" aria-live="polite">
        {messages.map((message) => (
          <div key={message.id} class={`message ${message.kind}`}>
            <span>{message.text}</span>
            {message.action && (
              <button
                type="button"
                class="quiet"
                onClick={() => {
                  message.action?.run();
                  dismiss(message.id);
                }}
              >
                {message.action.label}
              </button>
            )}
            <button type="button" class="quiet" aria-label="Dismiss this message" onClick={() => dismiss(message.id)}>
              ×
            </button>
          </div>
        ))}
      </div>
    </div>
  );
}
