import CPatchbayWeb
import HTTPTypes
import NIOCore

/// Packs what a browser fetches, where it takes that (RFC 1952; RFC 9110, section 8.4.1.3).
enum Gzip {
    /// What is smaller fits into a packet as it is.
    private static let leastSize = 1000

    /// `Accept-Encoding: gzip, deflate, br;q=0.5`
    static func isTaken(by headers: HTTPFields) -> Bool {
        let codings = (headers[.acceptEncoding] ?? "").lowercased().split(separator: ",").map { coding in
            let parts = coding.split(separator: ";").map(\.trimmed)
            return (name: parts.first ?? "", isRefused: parts.dropFirst().contains { Self.isZero($0) })
        }
        let gzip = codings.first { $0.name == "gzip" } ?? codings.first { $0.name == "*" }
        return gzip.map { !$0.isRefused } ?? false
    }

    /// `q=0.000`
    private static func isZero(_ weight: String) -> Bool {
        weight.hasPrefix("q=0") && weight.dropFirst(3).allSatisfy { $0 == "." || $0 == "0" }
    }

    /// nil: it stays as it is.
    static func packed(_ bytes: some Collection<UInt8>) -> ByteBuffer? {
        guard bytes.count >= leastSize else { return nil }
        return bytes.withContiguousStorageIfAvailable(packed) ?? Array(bytes).withUnsafeBufferPointer(packed)
    }

    private static func packed(_ bytes: UnsafeBufferPointer<UInt8>) -> ByteBuffer? {
        var buffer = ByteBuffer()
        let written = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: pb_gzip_bound(bytes.count)) { room in
            let out = room.bindMemory(to: UInt8.self)
            return pb_gzip(bytes.baseAddress, bytes.count, out.baseAddress, out.count)
        }
        return written > 0 ? buffer : nil
    }
}
