/** What the doctor says around its findings. */
import type { Catalogue } from "../../../language/index.ts";

export const doctorSays = {
  well: { en: "Nothing is wrong.", zh: "一切正常。" },
  summary: { en: "{errors} errors, {warnings} warnings", zh: "{errors} 个错误，{warnings} 个警告" },
  why: { en: "why ", zh: "原因" },
  seen: { en: "seen", zh: "位置" },
  fix: { en: "fix ", zh: "办法" },
  plan: { en: "What is safe, and --fix does:", zh: "可以安全自动修复的：" },
  removePidFile: { en: "remove {path}", zh: "删除 {path}" },
  start: { en: "start {process} of {cluster}", zh: "启动 {cluster} 的 {process}" },
  resume: { en: "let {process} of {cluster} go on", zh: "让 {cluster} 的 {process} 继续运行" },
  ask: { en: "Do it?", zh: "现在执行吗？" },
  done: { en: "done", zh: "完成" },
  nothingSafe: { en: "Nothing of it can be mended safely by itself.", zh: "没有可以安全自动修复的项目。" },
  wrote: { en: "wrote {file}", zh: "已写入 {file}" },
} satisfies Catalogue<string>;
