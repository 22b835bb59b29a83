import ArgumentParser
import PatchbayCore

/// Runs a command line from its words to its exit code.
package enum CLI {
    /// The root of the command tree that is running, for `completion` and `help`.
    @TaskLocal package static var root: any ParsableCommand.Type = PatchbayCommand.self

    /// Parses, runs, and says what went wrong in the three-part form. Never throws, never exits.
    package static func run(
        _ root: any ParsableCommand.Type, surroundings: Surroundings = .process()
    ) async -> Int32 {
        await Surroundings.$current.withValue(surroundings) {
            await $root.withValue(root) { await status(of: root).rawValue }
        }
    }

    private static func status(of root: any ParsableCommand.Type) async -> ExitStatus {
        let arguments = Surroundings.current.arguments
        do {
            if let topic = try HelpTopic.asked(for: arguments) {
                Surroundings.current.write(Array(topic.text.utf8))
                return .done
            }
            var command = try root.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return .done
        } catch let ending as Ending {
            return ending.status
        } catch let failure as PlanFailure {
            say(failure.problem, suffix: failure.suffix)
            return failure.status
        } catch let problem as Problem {
            say(problem)
            return ExitStatus(problem)
        } catch is CancellationError {
            return .interrupted
        } catch {
            return say(parserError: error, root: root)
        }
    }

    private static func say(_ problem: Problem, suffix: [String] = []) {
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
        say(text.problem)
        return .usage
    }
}
