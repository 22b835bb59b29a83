import PatchbayAPI
import PatchbayCore
import PatchbayText

extension TakenRisk {
    /// The command with the risks taken. A reason that it has already holds for them, too.
    package func words(after command: String) -> String {
        let isSaid = command.contains(" --reason ") || command.contains(" --reason=")
        let why =
            reason.hasPrefix("-") ? ShellLine.quoted("--reason=\(reason)") : "--reason \(ShellLine.quoted(reason))"
        return command + codes.map { " --allow \($0.rawValue)" }.joined() + (isSaid ? "" : " \(why)")
    }
}
