import Foundation

/// `Connection refused` for ECONNREFUSED: the C library's words.
func errnoWords(_ code: CInt) -> String {
    String(cString: strerror(code))
}
