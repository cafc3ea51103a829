/// The rules about the files themselves. Their errors end with status 3: what was not read was not checked.
public enum InputRules {
  public static let all = [notFound, unreadable, tooLarge, noFile, otherProgram, notWritten]

  public static let notFound: Rule = """
    input/not-found (error): A file or directory named on the command line does not exist
    Checks: That every path given as an argument, with --files-from or in a flag is there.
    Why: A mistyped path that passes silently looks like a file without mistakes. The command ends with status 3.
    Example: gatecheck lint conf/confg.yaml
    Fix: Correct the path. Relative paths are taken from the directory gatecheck runs in.
    """

  public static let unreadable: Rule = """
    input/unreadable (error): A file or directory is there and cannot be read
    Checks: That each file and each directory on the way can be opened and read, is a file, and has a name in UTF-8.
    Why: What was not read was not checked, so the command ends with status 3 whatever the other files hold.
    Example: gatecheck lint /etc/shadow
    Fix: Give the user that runs gatecheck the right to read it, or leave it out: name other paths, or list it under \
    `exclude` in .gatecheck.yaml.
    """

  public static let tooLarge: Rule = """
    input/too-large (error): A file is over 16 MiB
    Checks: The size of files that were named. A file over 16 MiB that is merely found in a directory is passed over: \
    no configuration of APISIX is that large. So is, with a note, a named one whose beginning shows nothing of \
    APISIX's or Kubernetes'.
    Why: gatecheck reads whole files into memory and sets a limit, so that no input can exhaust the machine.
    Example: gatecheck lint dump-of-the-whole-cluster.yaml
    Fix: Name the file that APISIX reads, or split the dump into one file for each kind.
    """

  public static let noFile: Rule = """
    input/no-file (error): There was no file to check
    Checks: That at least one file was named, or found in the directories that were named. In a directory these are \
    files that end in .yaml, .yml or .json and are not ignored by .gitignore or .gatecheck.yaml.
    Why: A check in CI that checks nothing passes for ever, and nobody notices. The command ends with status 3.
    Example: gatecheck lint docs/
    Fix: Name the file, or the right directory. A file that .gitignore or `exclude` hides is checked when it is named \
    itself.
    """

  public static let otherProgram: Rule = """
    input/other-program (note): A named file is neither APISIX's nor Kubernetes'
    Checks: Whether a file named on the command line is of a kind that gatecheck checks. That is told from its keys \
    together with what stands below them, from its name and its folder: one key that is called as one of APISIX's is \
    not enough, and apisix-seed's configuration has more than one.
    Why: Judged as APISIX's config.yaml the file of another program would look wrong from end to end. In a directory \
    such files are passed over without a word. Where several are named, as by a hook that names every file, one line \
    on standard error tells their number in place of a note each; in JSON each has `"kind": null`. This note fails no \
    run, whatever --fail-on says.
    Example: gatecheck lint .github/workflows/build.yml
    Fix: gatecheck lint --kind apisix-config gateway.yml   # if it is one all the same
    """

  public static let notWritten: Rule = """
    input/not-written (error): A fixed file could not be written
    Checks: That --fix can replace the file: the file and its directory are writable, and nobody changed the file \
    since it was read.
    Why: Nothing of the file was changed: gatecheck writes a new file beside it and puts it in place in one step.
    Example: gatecheck lint --fix /usr/local/apisix/conf/config.yaml
    Fix: Run it as a user that may write there, or print the change with --diff and apply it elsewhere.
    """

  /// The finding for a run that found nothing to check; about no file.
  /// - Parameter passedOver: how many files there were.
  public static func noFileFound(passedOver: Int = 0) -> Finding {
    Finding(
      rule: noFile,
      message: passedOver == 0
        ? "there is no file to check"
        : "nothing was checked: \(counted(passedOver, "file")) passed over, not APISIX's nor Kubernetes'",
      help: passedOver == 0
        ? "name a file or a directory that holds .yaml, .yml or .json files"
        : "if one of them is, name it and say which: --kind apisix-config FILE")
  }
}
