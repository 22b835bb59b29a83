import ArgumentParser

/// `--limit` of a list that grows.
struct LimitOption: ParsableArguments {
    @Option(help: ArgumentHelp("Maximum number to list; 0: all.", valueName: "number"))
    var limit: Int?

    func validate() throws {
        if let limit, limit < 0 { throw ValidationError("--limit must be 0 or more") }
    }

    /// - Parameter fallback: how many where nothing is said.
    /// - Returns: nil for all.
    func most(or fallback: Int? = nil) -> Int? { limit == 0 ? nil : limit ?? fallback }
}
