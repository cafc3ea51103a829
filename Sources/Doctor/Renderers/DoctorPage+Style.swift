extension DoctorPage {
  /// Black on white, or white on black, as whoever looks has it. On a phone the cells of a row stand below each other.
  static let style = """
    :root { color-scheme: light dark; --red: #b3001b; --amber: #7a4b00; --green: #006b2d; --grey: #595959;
      --line: #c4c4c4; --box: #f3f3f3; }
    @media (prefers-color-scheme: dark) {
      :root { --red: #ff8a8a; --amber: #ffc766; --green: #6fdc8c; --grey: #b0b0b0; --line: #4d4d4d; --box: #262626; }
    }
    body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem;
      overflow-wrap: anywhere; }
    h1 { margin: 0; line-height: 1.2; } h3 { margin: 1rem 0 0; text-transform: uppercase; font-size: .8rem; }
    ul, ol { list-style: none; margin: 0; padding: 0; } ul > li { padding: .25rem 0; } p { margin: .25rem 0; }
    pre { margin: .25rem 0; padding: .5rem; background: var(--box); border-radius: .25rem; white-space: pre-wrap; }
    table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
    tr { border-top: 1px solid var(--line); } th, td { padding: .25rem .5rem; vertical-align: top; text-align: left; }
    td.healthy, td.nothealthy, td.notknown, .signs { white-space: nowrap; font-weight: bold; }
    .signs b { padding-right: .25rem; } th { min-width: 9rem; }
    @media (max-width: 45rem) { tr, th, td { display: block; padding: 0; }
      tr { padding: .5rem 0; } td:nth-of-type(-n+2) { display: inline-block; padding-right: .75rem; } }
    details { border-top: 1px solid var(--line); padding: .5rem 0; }
    summary { font-size: 1.25rem; font-weight: bold; cursor: pointer; }
    .way { display: flex; flex-wrap: wrap; gap: .25rem 0; margin: .75rem 0; font-size: .9rem; }
    .way li { border: 1px solid; border-radius: 1rem; padding: .1rem .6rem; margin-right: 1.5rem; position: relative; }
    .way li:not(:last-child)::after { content: "\\2192"; position: absolute; left: calc(100% + .35rem);
      color: var(--grey); }
    .way .error { font-weight: bold; border-width: 2px; }
    .error, .nothealthy { color: var(--red); } .warning, .notknown, .unknown { color: var(--amber); }
    .ok, .healthy { color: var(--green); } .skipped, .reason, footer { color: var(--grey); }
    footer { margin-top: 2rem; font-size: .8rem; }
    """
}
