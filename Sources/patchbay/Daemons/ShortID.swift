/// Ten characters that were not used before: 50 random bits, in an alphabet without look-alikes.
enum ShortID {
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

    static func make() -> String {
        String((0..<10).map { _ in alphabet[Int.random(in: 0..<32)] })
    }
}
