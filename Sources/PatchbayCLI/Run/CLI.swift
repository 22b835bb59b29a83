import ArgumentParser
import PatchbayCore

/// Runs a command line from its words to its exit code.
package enum CLI {
    /// The root of the command tree that is running, for `completion` and `help`.
    @TaskLocal package static var root: any AsyncParsableCommand.Type = PatchbayCommand.self

    /// Parses, runs, and says what went wrong in the three-part form. Never throws, never exits.
    package static func run(
        _ root: any AsyncParsableCommand.Type, surroundings: Surroundings = .process()
    ) async -> Int32 {
        await Surroundings.$current.withValue(surroundings) {
            await $root.withValue(root) { await status(of: root).rawValue }
        }
    }

    private static func status(of root: any AsyncParsableCommand.Type) async -> ExitStatus {
        let arguments = Surroundings.current.arguments
        do {
            if let topic = try HelpTopic.asked(for: arguments) {
                Surroundings.current.write(Array(topic.text.utf8))
                return .done
            }
            var command = try await root.asyncParseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return .done
        } catch {
            return await tell(error) ?? say(parserError: error, root: root)
        }
    }

    /// Says what went wrong, on standard error.
    ///
    /// - Returns: nil where it is for the parser to say.
    static func tell(_ error: any Error) async -> ExitStatus? {
        switch error {
        case let ending as Ending: return ending.status
        case let failure as PlanFailure:
            await say(failure.problem, suffix: failure.suffix)
            return failure.status
        case let problem as Problem:
            await say(problem)
            return ExitStatus(problem)
        case is CancellationError: return .interrupted
        default: return nil
        }
    }

    private static func say(_ problem: Problem, suffix: [String] = []) async {
        let arguments = Surroundings.current.arguments
        write(await DeviceHint.added(to: FieldWords.inOptions(problem), arguments: arguments), suffix: suffix)
    }

    private static func write(_ problem: Problem, suffix: [String] = []) {
        let surroundings = Surroundings.current
        let style = Style(stream: .error, surroundings: surroundings, color: ColorOption.asked(surroundings.arguments))
        surroundings.talk(ProblemText(problem, suffix: suffix).render(style))
    }

    /// Help, versions and completion scripts end a parse with an error that is none.
    private static func say(parserError error: any Error, root: any ParsableCommand.Type) -> ExitStatus {
        let code = root.exitCode(for: error)
        if code.isSuccess {
            let text = root.fullMessage(for: error)
            Surroundings.current.write(Array((text.hasSuffix("\n") ? text : text + "\n").utf8))
            return .done
        }
        let text = UsageText(
            message: root.message(for: error), full: root.fullMessage(for: error),
            arguments: Surroundings.current.arguments)
        write(text.problem)
        return .usage
    }
}
