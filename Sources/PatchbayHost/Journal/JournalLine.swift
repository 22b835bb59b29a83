import Foundation
import PatchbayCore

/// The text of one journal line: `{"sum":"0a1b2c3d","entry":{...}}` and a newline.
///
/// The line as a whole is JSON, for people with `jq`; the checksum is over the bytes of `entry` as they were written,
/// so a later version that would write them differently can still check them.
enum JournalLine {
    private static let opening = Array(#"{"sum":""#.utf8)
    private static let middle = Array(#"","entry":"#.utf8)
    private static let closing = UInt8(ascii: "}")
    private static let sumLength = 8

    /// With the newline.
    static func bytes(of entry: JournalEntry) throws(Problem) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let payload: Data
        do {
            payload = try encoder.encode(entry)
        } catch {
            throw Problem(.storeFailed, "A journal line could not be encoded.", cause: "\(error)")
        }
        let sum = Array(CRC32.checksum(of: payload).hex(sumLength).utf8)
        return opening + sum + middle + payload + [closing, UInt8(ascii: "\n")]
    }

    /// Reads a line without its newline. nil: it is not as it was written.
    static func entry(_ line: ArraySlice<UInt8>) -> JournalEntry? {
        let head = opening.count + sumLength + middle.count
        guard line.count > head, line.starts(with: opening), line.last == closing else { return nil }
        let sum = line.dropFirst(opening.count).prefix(sumLength)
        let payload = line.dropFirst(head).dropLast()
        guard line.dropFirst(opening.count + sumLength).starts(with: middle),
            sum.elementsEqual(CRC32.checksum(of: payload).hex(sumLength).utf8)
        else { return nil }
        return try? JSONDecoder().decode(JournalEntry.self, from: Data(payload))
    }
}
