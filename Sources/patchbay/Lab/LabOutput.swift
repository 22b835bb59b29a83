import Foundation

/// How the lab commands speak: progress on standard error, answers on standard output.
enum LabOutput {
    /// `  12.3 s  lab1: starting libvirt`
    static func progress(_ line: String, after time: Duration) {
        errors("\(seconds(time))  \(line)\n")
    }

    /// A line on standard output, at once also where that is a file or a pipe.
    static func tell(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }

    private static func seconds(_ time: Duration) -> String {
        let tenths = Int(time / .milliseconds(100))
        let text = "\(tenths / 10).\(tenths % 10) s"
        return String(repeating: " ", count: max(0, 8 - text.count)) + text
    }

    private static func errors(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
