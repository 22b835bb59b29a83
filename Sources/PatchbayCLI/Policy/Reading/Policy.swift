import PatchbayCore

/// What policy files say, read and checked as far as it can be without a server.
package struct Policy: Sendable {
    /// Where in the files something stands.
    package struct Place: Hashable, Sendable, CustomStringConvertible {
        package var file: String
        package var line: Int
        package var description: String { "\(file):\(line)" }
    }

    package struct Placed<Value: Sendable>: Sendable {
        package var value: Value
        package var place: Place
    }

    package internal(set) var pools: [Placed<Pool>] = []
    package internal(set) var profiles: [Placed<Profile>] = []
    package internal(set) var expectations: [Placed<PoolExpectation>] = []

    /// Reads all files. Throws `.malformedPolicy` that lists everything which is wrong in any of them.
    ///
    /// - Parameter again: the command to repeat when the files are corrected.
    package init(_ files: [PolicyFile], again: String) throws(Problem) {
        var reader = PolicyReader()
        for file in files { reader.read(file) }
        guard reader.mistakes.isEmpty else {
            let count = reader.mistakes.count
            throw Problem(
                .malformedPolicy,
                "The policy has \(count == 1 ? "a mistake" : "\(count) mistakes"); nothing was changed.",
                evidence: reader.mistakes, next: ["Correct the files, then:  \(again)"])
        }
        self = reader.policy
    }

    init() {}
}
