/// What to do now: a sentence, and the commands that do it where Patchbay has them.
///
/// A command is a value here; how it is typed is known to `PatchbayText` alone.
package struct NextStep: Hashable, Sendable {
    /// Without what ends it before a command: `Start it`, and `Put the device back where it was.`
    package var sentence: String
    /// One after the other.
    package var commands: [Command]

    package init(_ sentence: String, _ commands: [Command] = []) {
        self.sentence = sentence
        self.commands = commands
    }

    package init(_ sentence: String, _ command: Command) { self.init(sentence, [command]) }
}

extension NextStep: ExpressibleByStringInterpolation {
    package init(stringLiteral sentence: String) { self.init(sentence) }
}

/// A sentence alone is stored as text.
extension NextStep: Codable {
    private enum CodingKeys: String, CodingKey {
        case sentence, commands
    }

    /// A command that another version of Patchbay knows, and this one does not, is left out.
    package init(from decoder: any Decoder) throws {
        if let sentence = try? decoder.singleValueContainer().decode(String.self) {
            self.init(sentence)
            return
        }
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try fields.decode(String.self, forKey: .sentence),
            (try? fields.decode([Command].self, forKey: .commands)) ?? [])
    }

    package func encode(to encoder: any Encoder) throws {
        guard !commands.isEmpty else {
            var text = encoder.singleValueContainer()
            return try text.encode(sentence)
        }
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(sentence, forKey: .sentence)
        try fields.encode(commands, forKey: .commands)
    }
}
