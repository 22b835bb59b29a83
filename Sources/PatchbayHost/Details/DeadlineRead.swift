import CPatchbayHost

/// One attribute that may keep its reader waiting for seconds: read on a thread that can be left behind.
struct DeadlineRead {
    enum Outcome: Equatable {
        case bytes([UInt8])
        /// An errno value.
        case refused(Int)
        /// The deadline passed; the thread ends with the piece it is reading.
        case underWay
    }

    /// Relative to `directory`.
    var directory: Int32
    var path: String
    var limit: Int
    var deadlineMilliseconds: Int32

    func perform() -> Outcome {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: limit) { buffer in
            let count = pb_read_with_deadline(directory, path, buffer.baseAddress, limit, deadlineMilliseconds)
            if count >= 0 { return .bytes(Array(buffer[..<count])) }
            // ETIMEDOUT is also what the kernel says when the device itself does not answer in time: the same to us.
            return ErrorNumber.name(-count) == "ETIMEDOUT" ? .underWay : .refused(-count)
        }
    }
}
