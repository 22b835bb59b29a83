import PatchbayAPI
import PatchbayClient
import PatchbayCore

/// The world around one command: terminal, environment, clock, server. Passed in, so tests run commands without a process.
package struct Surroundings: Sendable {
    package var arguments: [String]
    package var environment: [String: String]
    package var terminal: TerminalFacts
    /// Standard output, as bytes because consoles print bytes.
    package var write: @Sendable ([UInt8]) -> Void
    /// Standard error.
    package var talk: @Sendable (String) -> Void
    /// Shows a question on standard error and reads one line; nil: the input is over.
    package var ask: @Sendable (String) -> String?
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var now: @Sendable () -> Int
    package var pause: @Sendable (Duration) async throws -> Void
    /// An element for each SIGINT while somebody listens; nobody listening, the process ends as usual.
    package var interrupts: @Sendable () -> AsyncStream<Void>
    package var keyboard: @Sendable () throws(Problem) -> Keyboard
    /// Standard input to its end.
    package var input: @Sendable () throws(Problem) -> [UInt8]
    package var connect:
        @Sendable (ServerAddress, _ token: String?, _ trace: (@Sendable (RequestTrace) -> Void)?)
            -> any PatchbayService

    package init(
        arguments: [String], environment: [String: String], terminal: TerminalFacts,
        write: @escaping @Sendable ([UInt8]) -> Void, talk: @escaping @Sendable (String) -> Void,
        ask: @escaping @Sendable (String) -> String?, now: @escaping @Sendable () -> Int,
        pause: @escaping @Sendable (Duration) async throws -> Void,
        interrupts: @escaping @Sendable () -> AsyncStream<Void>,
        keyboard: @escaping @Sendable () throws(Problem) -> Keyboard,
        input: @escaping @Sendable () throws(Problem) -> [UInt8],
        connect:
            @escaping @Sendable (ServerAddress, String?, (@Sendable (RequestTrace) -> Void)?)
            -> any PatchbayService
    ) {
        self.arguments = arguments
        self.environment = environment
        self.terminal = terminal
        self.write = write
        self.talk = talk
        self.ask = ask
        self.now = now
        self.pause = pause
        self.interrupts = interrupts
        self.keyboard = keyboard
        self.input = input
        self.connect = connect
    }

    /// The command that was typed and its arguments up to the first option.
    var commandWords: [String] { Array(arguments.prefix { !$0.hasPrefix("-") }) }

    /// Which machine is read where no server is asked: `--root DIR`.
    var rootWords: [String] {
        guard let index = arguments.firstIndex(where: { $0 == "--root" || $0.hasPrefix("--root=") }) else { return [] }
        return Array(arguments[index...].prefix(arguments[index] == "--root" ? 2 : 1))
    }

    /// What the command that is running in this task has around it.
    @TaskLocal package static var current = Surroundings.process()
}

/// What is known about the three standard streams.
package struct TerminalFacts: Hashable, Sendable {
    package var isInputTerminal: Bool
    package var isOutputTerminal: Bool
    package var isErrorTerminal: Bool
    /// Columns of the terminal.
    package var width: Int

    package init(isInputTerminal: Bool, isOutputTerminal: Bool, isErrorTerminal: Bool, width: Int) {
        self.isInputTerminal = isInputTerminal
        self.isOutputTerminal = isOutputTerminal
        self.isErrorTerminal = isErrorTerminal
        self.width = width
    }
}
