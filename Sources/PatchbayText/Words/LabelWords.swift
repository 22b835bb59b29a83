import PatchbayCore

/// The form of labels and of names that people give: one place for all doors.
package enum LabelWords {
    package static let mostLabels = 64

    /// Throws `.malformedInput` when the label could not be asked for later.
    package static func check(_ name: String, _ value: String) throws(PatchbayCore.Problem) {
        guard isName(name, "/"), value.utf8.count <= 63, value.unicodeScalars.allSatisfy(isInk) else {
            throw Problem(
                .malformedInput, "\"\(name)=\(value)\" is not a valid label.",
                next: [
                    NextStep(
                        "Write NAME=VALUE, for example zone=a: a name of letters, digits, -, _, . and /, and a value"
                            + " without spaces, each of 63 characters at most.")
                ])
        }
    }

    /// 1 to 63 letters, digits, `-`, `_`, `.` and what else is allowed, a letter or digit first.
    package static func isName(_ text: String, _ more: String = "") -> Bool {
        guard (1...63).contains(text.utf8.count), let first = text.utf8.first, isAlphanumeric(first) else {
            return false
        }
        return text.utf8.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) || more.utf8.contains($0) }
    }

    /// Neither space nor control character.
    package static func isInk(_ scalar: Unicode.Scalar) -> Bool { scalar.value > 0x20 && scalar.value != 0x7f }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }
}
