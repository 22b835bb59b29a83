import ArgumentParser
import PatchbayAPI
import PatchbayCore
import PatchbayText

/// A policy that has to be there.
struct PolicyOptions: ParsableArguments {
    @OptionGroup var source: PolicySource

    func validate() throws {
        if source.isEmpty { throw ValidationError("Name what to read: -f FILE, -f FOLDER or -f -") }
    }

    func draft() throws(Problem) -> API.PolicyDraft { try source.draft() }
}

/// Where a policy is read from, and how much of what there is it speaks for.
struct PolicySource: ParsableArguments {
    @Option(
        name: [.customShort("f"), .customLong("file")], parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Policies to apply: a file, a folder (its *.yaml and *.yml) or - for standard input (repeatable).",
            valueName: "path"))
    var files: [String] = []

    @Flag(help: "Delete pools that the files do not name, if they name any; profiles likewise.")
    var prune = false

    var isEmpty: Bool { files.isEmpty }

    /// Reads all files, and throws all that is wrong with them.
    func draft() throws(Problem) -> API.PolicyDraft {
        let files = try PolicyFile.all(named: files) { () throws(Problem) in try Surroundings.current.input() }
        let policy = try Policy(files, again: ShellLine(["diff"] + self.files.flatMap { ["-f", $0] }).text)
        return API.PolicyDraft(
            pools: policy.pools.map { API.PoolDraft($0.value) },
            profiles: policy.profiles.map { API.ProfileDraft($0.value) },
            expectations: policy.expectations.map {
                API.Expectation(text: "\($0.value)", place: "\($0.place)")
            },
            prune: prune)
    }
}
