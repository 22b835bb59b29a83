import PatchbayCore

/// Asks programs of this machine for what no file tells. A recorded tree has none that may be asked.
package struct ProgramRunner: Sendable {
    private let ask: @Sendable (_ program: String, _ arguments: [String]) async -> String?

    /// - Parameter ask: what a program prints on its standard output; nil: there is no such program, it failed, or it did
    ///   not end in time.
    package init(_ ask: @escaping @Sendable (_ program: String, _ arguments: [String]) async -> String?) {
        self.ask = ask
    }

    func output(_ program: String, _ arguments: String...) async -> String? { await ask(program, arguments) }

    package static let none = ProgramRunner { _, _ in nil }

    /// The programs of this machine, each with at most `limit` to answer and 256 KiB of answer.
    package static func live(within limit: Duration = .seconds(10)) -> ProgramRunner {
        ProgramRunner { program, arguments in
            guard let program = Program(system: program),
                let ending = try? await program.run(arguments, most: 256 << 10, within: limit), ending.status == 0
            else { return nil }
            return ending.text
        }
    }
}
