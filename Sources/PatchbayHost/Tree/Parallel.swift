import CPatchbayHost

/// Divides blocking work among the CPUs: a read of sysfs is nearly all kernel time, and the kernel reads many files at
/// once as quickly as one.
enum Parallel {
    private final class Work {
        let body: (Int) -> Void
        init(_ body: @escaping (Int) -> Void) { self.body = body }
    }

    /// At most this many threads: more than a few wait for the same locks of the kernel.
    private static let mostThreads = 4

    /// Cuts `0..<count` into pieces of at least `pieceAtLeast` and maps each, on threads of their own where there are
    /// several. In order.
    static func map<Value>(_ count: Int, pieceAtLeast: Int, _ transform: (Range<Int>) -> Value) -> [Value] {
        let pieces = max(1, min(mostThreads, Int(pb_cpu_count()), count / pieceAtLeast))
        var values = [Value?](repeating: nil, count: pieces)
        values.withUnsafeMutableBufferPointer { buffer in
            let slots = buffer
            forEach(pieces) { piece in
                slots[piece] = transform((count * piece / pieces)..<(count * (piece + 1) / pieces))
            }
        }
        return values.compactMap { $0 }
    }

    /// Ends when every call has ended, so nothing escapes.
    private static func forEach(_ count: Int, _ body: (Int) -> Void) {
        withoutActuallyEscaping(body) { body in
            let work = Unmanaged.passRetained(Work(body))
            pb_in_parallel(
                Int32(count),
                { context, index in
                    guard let context else { return }
                    Unmanaged<Work>.fromOpaque(context).takeUnretainedValue().body(Int(index))
                }, work.toOpaque())
            work.release()
        }
    }
}
